"""Parts of pages: each module shows one thing."""
