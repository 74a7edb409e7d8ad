"""The voices that learners may choose between, by provider: what the API offers and the agent knows."""

from typing import Final

VOICES: Final[dict[str, tuple[str, ...]]] = {
    "local": ("joe",),
    "openai": ("alloy", "ash", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer"),
}
"""Names as the provider takes them. The local server has one voice; OpenAI's are those of all its models."""


def voices_of(provider: str, listed: str) -> tuple[str, ...]:
    """The voices of a provider.

    Args:
        provider: Its name in settings.
        listed: Names by commas that an installation gives instead, for the server at an address of its own.
    """
    own = tuple(name.strip() for name in listed.split(",") if name.strip())
    return own if own and provider == "local" else VOICES.get(provider, ())
