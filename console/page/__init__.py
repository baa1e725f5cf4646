"""The leaders' report: what it reads, how it is drawn, and the page that is handed on."""
