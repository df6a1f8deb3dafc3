"""Where parts of pages find ``plain``: text that comes out as typed where Streamlit reads Markdown."""

from ui.plain_text import plain

__all__ = ["plain"]
