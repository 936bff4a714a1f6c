"""The report's pages, and the first of the admin pages."""
