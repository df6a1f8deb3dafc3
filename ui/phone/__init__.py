"""Plain pages for officers' phones: a few kilobytes each, drawn by the server, usable without JavaScript."""
