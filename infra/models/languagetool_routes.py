"""LanguageTool's endpoints."""

from aiohttp import web

from infra.models.errors import ModelsError, bad_request
from infra.models.grammar import LANGUAGES, answer
from infra.models.state import STATE

SPEECH = "speech"
"""Value of `medium` for text that a recognizer heard."""


async def check(request: web.Request) -> web.Response:
    """`POST` or `GET /v2/check` with `text` and `language`, as LanguageTool has it.

    `disabledCategories` leaves categories out. `medium=speech`, which LanguageTool does not know, says that
    the text was heard, so that nothing is blamed that cannot be heard.
    """
    state = request.app[STATE]
    form = request.query if request.method == "GET" else await request.post()
    text, language = form.get("text"), form.get("language")
    if not isinstance(text, str) or not text:
        raise bad_request("Missing 'text' parameter")
    if not isinstance(language, str):
        raise bad_request("Missing 'language' parameter")
    language = "en" if language == "auto" else language
    if language not in LANGUAGES:
        raise bad_request(f"'{language[:20]}' is not a language code known to this server")
    limit = state.settings.max_grammar_chars
    if len(text) > limit:
        raise ModelsError(413, "too_long", f"Your text exceeds the limit of {limit} characters")
    with state.checks.take():
        findings = await state.checker.check(text, spoken=form.get("medium") == SPEECH)
    unwanted = set(str(form.get("disabledCategories") or "").upper().split(","))
    wanted = [finding for finding in findings if finding.category[0] not in unwanted]
    return web.json_response(answer(text, wanted, language))


async def languages(_request: web.Request) -> web.Response:
    """`GET /v2/languages`."""
    return web.json_response(
        [{"name": name, "code": code.split("-")[0], "longCode": code} for code, name in LANGUAGES.items()]
    )
