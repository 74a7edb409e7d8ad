"""Routes about speech outside of calls."""

from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import Field

from api.bodies import Body
from api.identity.auth import CurrentPrincipal
from api.rate_limit import Limiter
from api.speech.service import AppSpeech
from api.speech.vendors import SPEECH_TYPE
from api.text import PlainText

router = APIRouter(tags=["speech"])

LONGEST_SENTENCE = 300
SOUND: dict[int | str, dict[str, Any]] = {
    200: {"content": {SPEECH_TYPE: {"schema": {"type": "string", "format": "binary"}}}}
}


class Say(Body):
    """A sentence to be said."""

    text: Annotated[PlainText, Field(min_length=1, max_length=LONGEST_SENTENCE)]


@router.post("/speech", response_class=Response, responses=SOUND)
async def say(body: Say, person: CurrentPrincipal, speech: AppSpeech, limits: Limiter) -> Response:
    """How an English sentence sounds, in the voice that the person chose, as MP3."""
    limits.speech.take(str(person.user.id))
    sound = await speech.say(body.text, person.user.voice)
    return Response(sound, media_type=SPEECH_TYPE, headers={"Cache-Control": "private, max-age=3600"})
