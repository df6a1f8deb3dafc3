"""What people see: pages, maps, charts and the web shell around them."""
