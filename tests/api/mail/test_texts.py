"""The texts of mails, in every language, and the folder they are written to without a server."""

import re
from email.message import EmailMessage
from pathlib import Path

import pytest
import yaml

import api.mail.texts
from api.mail.schemas import MailKind
from api.mail.texts import LANGUAGES, compose, render, safe_name
from api.mail.transport import FolderTransport
from tests.support.mail import plain_text, read_mail

VALUES = {
    "days": "3", "minutes": "30", "hours": "24", "email": "new@example.com", "learner": "Ana",
    "place": "North School: Evening class", "address": "mia@example.com",
}  # fmt: skip
LINK = "https://avaaz.test/verify#token=abc"
FOLDER = Path(api.mail.texts.__file__).parent / "catalogues"


def placeholders(entry: object) -> set[str]:
    """The names that a text is filled with."""
    return set(re.findall(r"\{(\w+)\}", str(entry)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_is_complete_and_speaks_of_the_same(language: str) -> None:
    own, english = (yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8")) for name in (language, "en"))
    assert set(own) == {*MailKind, "words"}
    for key, entry in own.items():
        assert placeholders(entry) == placeholders(english[key]), key
        assert ("button" in entry) == ("button" in english[key]), key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", MailKind)
def test_every_mail_can_be_written(kind: MailKind, language: str) -> None:
    rendered = render(kind, language, VALUES, LINK)
    message = compose(rendered, sender="Avaaz <no-reply@avaaz.test>", recipient="mia@example.com")
    assert LINK in plain_text(message)
    assert "{" not in plain_text(message)
    assert message["Content-Language"] == language
    assert message["Auto-Submitted"] == "auto-generated"


def test_language_that_is_not_there_is_english() -> None:
    assert render(MailKind.ACCOUNT_DELETED, "fr-CA", {}, None).language == "en"


def test_values_cannot_break_out_of_the_html() -> None:
    values = {**VALUES, "email": '<script>alert("x")</script>@example.com'}
    rendered = render(MailKind.EMAIL_CHANGED, "en", values, 'https://avaaz.test/"><script>')
    assert "<script>" not in rendered.hypertext


@pytest.mark.parametrize(
    "name", ["", "x" * 41, "http://evil.test", "a\nBcc: b@c.test", "www.evil.test/x", "50 % off"]
)
def test_only_names_are_mailed(name: str) -> None:
    assert safe_name(name, "es") == "Un estudiante"


@pytest.mark.parametrize("name", ["Ana", "Jean-Luc O’Neill", "Zoë", "李雷", "J. R. Smith"])
def test_names_of_many_kinds_are_names(name: str) -> None:
    assert safe_name(name, "en") == name


@pytest.mark.parametrize("shows_links", [False, True])
async def test_folder_keeps_mail_private_and_shows_links_only_where_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], shows_links: bool
) -> None:
    message: EmailMessage = compose(
        render(MailKind.VERIFY_EMAIL, "en", VALUES, LINK), sender="a@avaaz.test", recipient="mia@example.com"
    )
    await FolderTransport(tmp_path / "mail", shows_links).deliver(message, LINK)
    [path] = (tmp_path / "mail").iterdir()
    assert read_mail(path)["To"] == "mia@example.com"
    assert path.stat().st_mode & 0o077 == 0
    printed = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Mail:")]
    assert [LINK in line for line in printed] == ([True] if shows_links else [])
