"""The report as files: one module a format, all from the same report."""
