"""The texts of mails: one catalogue a language, and how a mail is made of one."""

import html
import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from api.database import utc_now

LANGUAGES = ("en", "es")
MOST_NAME_CHARACTERS = 40
_NAME = re.compile(r"[^\W\d_]+(?:[ '’.-]{1,2}[^\W\d_]+)*\.?")


@dataclass(frozen=True)
class Rendered:
    """A mail in words: subject, paragraphs, and its link with the name of the button."""

    language: str
    subject: str
    paragraphs: tuple[str, ...]
    button: str
    link: str | None

    @property
    def plain(self) -> str:
        """The plain text."""
        parts = [*self.paragraphs]
        if self.link:
            parts.append(
                _catalogue(self.language)["words"]["plain_link"].format(button=self.button, link=self.link)
            )
        return "\n\n".join([*parts, "Avaaz"]) + "\n"

    @property
    def hypertext(self) -> str:
        """The same as HTML that needs nothing from elsewhere."""
        parts = [f"<p>{html.escape(paragraph)}</p>" for paragraph in self.paragraphs]
        if self.link:
            href = html.escape(self.link, quote=True)
            parts.append(
                f'<p><a href="{href}">{html.escape(self.button)}</a></p><p><small>{href}</small></p>'
            )
        body = "\n".join([*parts, "<p>Avaaz</p>"])
        return (
            f'<!doctype html>\n<html lang="{self.language}">\n<head><meta charset="utf-8">'
            f"<title>{html.escape(self.subject)}</title></head>\n"
            f'<body style="font-family: sans-serif; line-height: 1.5; max-width: 36em">\n{body}\n'
            "</body>\n</html>\n"
        )


def language_of(locale: str) -> str:
    """The catalogue for a locale such as `es-MX`; English where there is none."""
    language = locale.split("-", maxsplit=1)[0].lower()
    return language if language in LANGUAGES else LANGUAGES[0]


def safe_name(name: str, locale: str) -> str:
    """A learner's name as a stranger may be mailed it: a name and nothing that could be an advertisement."""
    if len(name) <= MOST_NAME_CHARACTERS and _NAME.fullmatch(name):
        return name
    word: str = _catalogue(language_of(locale))["words"]["learner"]
    return word


def render(kind: str, locale: str, values: dict[str, str], link: str | None) -> Rendered:
    """Return a mail in the reader's language, or in English where there is no catalogue for it.

    Raises:
        KeyError: The text speaks of a value that was not given.
    """
    language = language_of(locale)
    entry = _catalogue(language)[kind]
    return Rendered(
        language=language,
        subject=entry["subject"].format(**values),
        paragraphs=tuple(paragraph.format(**values) for paragraph in entry["text"]),
        button=entry.get("button", ""),
        link=link,
    )


def compose(rendered: Rendered, *, sender: str, recipient: str) -> EmailMessage:
    """Return the message: plain text with HTML beside it, and headers that stop automatic answers."""
    message = EmailMessage(policy=SMTP)
    name, address = parseaddr(sender)
    message["From"] = Address(display_name=name, addr_spec=address)
    message["To"] = Address(addr_spec=recipient)
    message["Subject"] = rendered.subject
    message["Date"] = format_datetime(utc_now())
    message["Message-ID"] = make_msgid(domain=address.rsplit("@", 1)[-1])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(rendered.plain)
    message.add_alternative(rendered.hypertext, subtype="html")
    message["Content-Language"] = rendered.language
    return message


@lru_cache
def _catalogue(language: str) -> dict[str, Any]:
    path = Path(__file__).parent / "catalogues" / f"{language}.yaml"
    catalogue: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return catalogue
