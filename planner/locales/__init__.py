"""The translations: one catalog per area and language, and the check that nothing said is left untranslated."""
