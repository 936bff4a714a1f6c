"""What browsers and programs meet of the translations: pages, the editors' desks, and the API."""
