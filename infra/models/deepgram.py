"""Deepgram's wire format: query parameters in, messages out."""

import datetime as dt
import re
import uuid
from dataclasses import dataclass
from typing import Any

from multidict import MultiMapping

from infra.models.bias import MAX_KEYTERM_CHARS, MAX_KEYTERMS, Keyterm
from infra.models.errors import ModelsError, bad_request
from infra.models.stt import MODEL, RATE
from infra.models.words import Word, confidence

RATES = frozenset({8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000})
MODEL_UUID = str(uuid.uuid5(uuid.NAMESPACE_URL, MODEL))
_MODEL_INFO = {"name": MODEL, "version": "1", "arch": "moonshine"}
_TERM = re.compile(r"[\w' .’-]+")


@dataclass(frozen=True, slots=True)
class Options:
    """What a client asked for. `endpoint_ms` is None for `endpointing=false`."""

    sample_rate: int = RATE
    interim: bool = False
    endpoint_ms: int | None = 10
    vad_events: bool = False
    punctuate: bool = False
    utterance_end_ms: int | None = None
    keyterms: tuple[Keyterm, ...] = ()
    model: str = MODEL
    """Of a recording: `second-look` or a model of it; every other name is the quick model's."""


def parse(query: MultiMapping[str]) -> Options:
    """Options of a request; raises 400 for what this server cannot do. Unknown parameters are ignored."""
    if (encoding := query.get("encoding", "linear16")) != "linear16":
        raise bad_request(f"encoding {encoding!r} is not supported; send linear16")
    if query.get("channels", "1") != "1" or _flag(query, "multichannel"):
        raise bad_request("one channel only is supported")
    if not (language := query.get("language", "en")).lower().startswith(("en", "multi")):
        raise bad_request(f"language {language!r} is not supported; this server hears English")
    rate = _integer(query, "sample_rate", RATE)
    if rate not in RATES:
        raise bad_request(f"sample_rate {rate} is not supported; one of {sorted(RATES)}")
    utterance_end = query.get("utterance_end_ms")
    return Options(
        sample_rate=rate,
        interim=_flag(query, "interim_results"),
        endpoint_ms=_endpointing(query),
        vad_events=_flag(query, "vad_events"),
        punctuate=_flag(query, "punctuate") or _flag(query, "smart_format"),
        utterance_end_ms=_integer(query, "utterance_end_ms", 1000) if utterance_end else None,
        keyterms=_keyterms(query),
        model=query.get("model", MODEL),
    )


def _flag(query: MultiMapping[str], name: str) -> bool:
    return query.get(name, "false").lower() == "true"


def _integer(query: MultiMapping[str], name: str, default: int) -> int:
    value = query.get(name, str(default))
    if not value.isascii() or not value.isdigit() or len(value) > 9:
        raise bad_request(f"{name} must be a whole number")
    return int(value)


def _endpointing(query: MultiMapping[str]) -> int | None:
    value = query.get("endpointing", "10").lower()
    if value == "false":
        return None
    return 10 if value == "true" else _integer(query, "endpointing", 10)


def _keyterms(query: MultiMapping[str]) -> tuple[Keyterm, ...]:
    """`keyterm=TERM` and the older `keywords=TERM:BOOST`."""
    terms = [Keyterm(text) for text in query.getall("keyterm", [])]
    for keyword in query.getall("keywords", []):
        text, _, boost = keyword.partition(":")
        terms.append(Keyterm(text, _boost(boost)))
    if len(terms) > MAX_KEYTERMS or any(len(term.text) > MAX_KEYTERM_CHARS for term in terms):
        raise bad_request(f"at most {MAX_KEYTERMS} keyterms of at most {MAX_KEYTERM_CHARS} characters")
    return tuple(term for term in dict.fromkeys(terms) if _TERM.fullmatch(term.text))


def _boost(text: str) -> float:
    try:
        return min(2.0, max(0.0, float(text or 1)))
    except ValueError:
        raise bad_request("a keyword's boost must be a number") from None


def alternative(words: list[Word], *, punctuate: bool) -> dict[str, Any]:
    """One alternative of a result; without `punctuate` in bare lower-case words."""
    listed = [
        {
            "word": word.bare,
            "start": round(word.start, 3),
            "end": round(word.end, 3),
            "confidence": round(word.confidence, 4),
            **({"punctuated_word": word.text} if punctuate else {}),
        }
        for word in words
    ]
    text = " ".join(word.text if punctuate else word.bare for word in words)
    return {"transcript": text, "confidence": round(confidence(words), 4), "words": listed}


def results(
    words: list[Word],
    request_id: str,
    *,
    start: float,
    duration: float,
    punctuate: bool,
    final: bool,
    endpoint: bool = False,
    from_finalize: bool = False,
) -> dict[str, Any]:
    """A `Results` message; times in seconds since the socket was opened."""
    return {
        "type": "Results",
        "channel_index": [0, 1],
        "start": round(start, 3),
        "duration": round(duration, 3),
        "is_final": final,
        "speech_final": endpoint,
        "from_finalize": from_finalize,
        "channel": {"alternatives": [alternative(words, punctuate=punctuate)]},
        "metadata": {"request_id": request_id, "model_info": _MODEL_INFO, "model_uuid": MODEL_UUID},
    }


def metadata(request_id: str, duration: float, sha256: str = "") -> dict[str, Any]:
    """What is said of a whole stream or recording."""
    return {
        "transaction_key": "deprecated",
        "request_id": request_id,
        "sha256": sha256,
        "created": dt.datetime.now(dt.UTC).isoformat().replace("+00:00", "Z"),
        "duration": round(duration, 3),
        "channels": 1,
        "models": [MODEL_UUID],
        "model_info": {MODEL_UUID: _MODEL_INFO},
    }


def error_message(error: ModelsError) -> dict[str, Any]:
    """An `Error` message on an open socket."""
    return {
        "type": "Error",
        "variant": error.code.upper(),
        "description": error.message,
        "message": error.message,
    }
