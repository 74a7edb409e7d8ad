"""`POST /v1/pronunciation`: how a text was said, phone by phone."""

import asyncio
import json
from typing import Annotated, Final

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from infra.models.decode import decode
from infra.models.errors import ModelsError, bad_request
from infra.models.forms import read_form
from infra.models.metrics import JUDGED
from infra.models.pronunciation.judge import CannotJudgeError, NothingMeantError
from infra.models.pronunciation.meant import UnknownPhoneError
from infra.models.sound import channel_of
from infra.models.state import STATE

_LONGEST_FIELD: Final = 64 * 1024


class SpokenWord(BaseModel):
    """A word with the times that a recognizer gave it, in seconds."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    word: str
    start: Annotated[float, Field(ge=0)]
    end: Annotated[float, Field(ge=0)]


_WORDS: Final = TypeAdapter(list[SpokenWord])


async def pronunciation(request: web.Request) -> web.Response:
    """Multipart `file` and `text`; `words` and `phones` where known; `channel` of a stereo recording.

    400 for a request that says nothing to judge by, 413 for too much of it, 422 `no_speech` or `not_aligned`
    where the audio gives nothing to judge, 503 while all places are taken.
    """
    state = request.app[STATE]
    limits = state.settings
    with state.judgements.take():
        fields, data = await read_form(request, limits.max_upload_bytes, _LONGEST_FIELD)
        text = " ".join(fields.get("text", "").split())
        if not text:
            raise bad_request("text is missing or empty", param="text")
        if len(text) > limits.max_pronunciation_chars:
            raise bad_request(f"text is limited to {limits.max_pronunciation_chars} characters", param="text")
        if not data:
            raise bad_request("file is missing or empty", param="file")
        spans = _spans(fields.get("words", ""), text)
        channel = channel_of(fields.get("channel"))
        audio = await asyncio.to_thread(decode, data, limits.max_pronunciation_seconds, channel)
        job = state.pronunciation.judge(audio, text, phones=fields.get("phones", "").split(), spans=spans)
        try:
            judged = await job.future
        except NothingMeantError as error:
            raise bad_request(str(error), param="text") from None
        except UnknownPhoneError as error:
            raise bad_request(str(error), param="phones") from None
        except CannotJudgeError as error:
            JUDGED.labels(error.code).inc()
            raise ModelsError(422, error.code, str(error)) from None
        except asyncio.CancelledError:
            job.cancel()
            raise
    JUDGED.labels("judged").inc()
    return web.json_response(judged.model_dump())


def _spans(written: str, text: str) -> list[tuple[float, float]]:
    """The times of the text's words, none where they were not given.

    Raises:
        ModelsError: they are no list of words, or of other words than the text's.
    """
    if not written:
        return []
    try:
        words = _WORDS.validate_python(json.loads(written))
    except (ValueError, RecursionError, ValidationError):
        raise bad_request('words must be a list of {"word", "start", "end"}', param="words") from None
    if [one.word for one in words] != text.split():
        raise bad_request("words must be those of the text, in its order", param="words")
    return [(one.start, max(one.start, one.end)) for one in words]
