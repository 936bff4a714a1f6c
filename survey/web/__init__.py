"""What browsers and programs meet of the survey: pages, the box, and the guard of the admin."""
