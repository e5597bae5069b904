"""Texts of the demo in its four languages."""

LANGUAGES = ("en", "ru", "bs", "ar")

# English, Russian, Bosnian, Arabic
Four = tuple[str, str, str, str]


def tell(texts: Four, language: str) -> str:
    """The one in this language; English for any other."""
    return texts[LANGUAGES.index(language) if language in LANGUAGES else 0]
