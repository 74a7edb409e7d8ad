"""The configured language model, asked for what is written between calls, over OpenAI's protocol.

The same settings as the agent's. What it answers follows a JSON schema and is checked before it counts;
when it cannot be asked or answers otherwise, the caller goes on without it.
"""

import json
from collections.abc import Sequence
from typing import Any, Final, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from api.settings import Settings
from infra.telemetry import get_logger

log = get_logger(__name__)

OPENAI: Final = "https://api.openai.com/v1"
MAX_ANSWER_TOKENS: Final = 2_000
MAX_ANSWER_BYTES: Final = 200_000
TEMPERATURE: Final = 0.2
_NOT_SENT: Final = frozenset({"minLength", "maxLength", "minItems", "maxItems"})

Answer = TypeVar("Answer", bound=BaseModel)


class LanguageModelError(Exception):
    """The model could not be asked, or did not answer what it was asked for.

    `answer` is what it wrote where that does not fit the schema, `problems` what is wrong with it.
    """

    def __init__(self, reason: str, *, answer: str | None = None, problems: Sequence[str] = ()) -> None:
        super().__init__(reason)
        self.answer = answer
        self.problems = list(problems)


class LanguageModel:
    """One model at one address."""

    def __init__(
        self,
        base: str,
        key: str,
        model: str,
        *,
        timeout_s: float,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._model = model
        self.name = model[:128]
        self._url = f"{base.rstrip('/')}/chat/completions"
        self._timeout_s = timeout_s
        self._client = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {key}"},
            timeout=httpx.Timeout(timeout_s, connect=5.0),
            transport=transport,
        )

    @classmethod
    def configured(cls, settings: Settings) -> "LanguageModel | None":
        """The first language model that the settings name; None where there is none."""
        for name in _rows(settings):
            if name == "openai" and settings.openai_api_key is not None:
                base, key = OPENAI, settings.openai_api_key.get_secret_value()
            elif name == "openai-compatible" and settings.llm_url is not None:
                base = settings.llm_url
                key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else "local"
            else:
                continue
            return cls(base, key, settings.llm_model, timeout_s=settings.summary_timeout_s)
        return None

    async def write(
        self,
        instructions: str,
        material: Any,
        answer: type[Answer],
        *,
        max_tokens: int = MAX_ANSWER_TOKENS,
        timeout_s: float | None = None,
        temperature: float = TEMPERATURE,
    ) -> Answer:
        """Have something written about `material`.

        Args:
            instructions: What is to be done; the only words that instruct.
            material: JSON values, handed over as data in a message of their own.
            answer: The shape of the answer, which becomes the schema of the request.
            max_tokens: The longest answer that is wanted.
            timeout_s: Seconds that it may take, where the settings' are not enough.
            temperature: How freely it chooses its words; 0 where the same answer is wanted each time.

        Raises:
            LanguageModelError: It cannot be asked, took too long, or answered in another shape.
        """
        try:
            reply = await self._client.post(
                self._url,
                json=self._request(instructions, material, answer, max_tokens, temperature),
                timeout=httpx.Timeout(timeout_s or self._timeout_s, connect=5.0),
            )
            reply.raise_for_status()
            if len(reply.content) > MAX_ANSWER_BYTES:
                raise LanguageModelError("answer too long")
            content = _content(reply)
        except (httpx.HTTPError, ValueError, LookupError, TypeError) as error:
            raise LanguageModelError(type(error).__name__) from None
        try:
            return answer.model_validate_json(content)
        except ValidationError as error:
            raise LanguageModelError(
                type(error).__name__, answer=content, problems=_problems(error)
            ) from None

    def _request(
        self,
        instructions: str,
        material: Any,
        answer: type[BaseModel],
        max_tokens: int,
        temperature: float,
    ) -> dict[str, Any]:
        return {
            "model": self._model,
            "temperature": temperature,
            "max_completion_tokens": max_tokens,
            "messages": [
                {"role": "system", "content": instructions},
                {"role": "user", "content": json.dumps(material, ensure_ascii=False)},
            ],
            "response_format": {
                "type": "json_schema",
                "json_schema": {
                    "name": answer.__name__.lower(),
                    "strict": True,
                    "schema": _bare(answer.model_json_schema()),
                },
            },
        }

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def _rows(settings: Settings) -> list[str]:
    if settings.llm_provider:
        return [name.strip() for name in settings.llm_provider.split(",")]
    return ["openai-compatible"] if settings.llm_url else []


def _bare(schema: Any) -> Any:
    """A schema without the limits that not every server accepts; they are checked here afterwards."""
    if isinstance(schema, dict):
        return {name: _bare(value) for name, value in schema.items() if name not in _NOT_SENT}
    return [_bare(value) for value in schema] if isinstance(schema, list) else schema


def _problems(error: ValidationError) -> list[str]:
    return [
        f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}"
        for one in error.errors(include_url=False, include_input=False)
    ]


def _content(reply: httpx.Response) -> str:
    content = reply.json()["choices"][0]["message"]["content"]
    if not isinstance(content, str):
        raise TypeError("no text")
    return content
