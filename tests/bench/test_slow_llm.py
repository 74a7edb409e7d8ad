"""The slow language model, through the vendor's own client."""

from openai import AsyncOpenAI

from infra.bench.slow_llm import LONG_ANSWER, MODEL, SHORT, SlowLlm


def client(llm: SlowLlm) -> AsyncOpenAI:
    return AsyncOpenAI(base_url=llm.url, api_key="none", max_retries=0)


async def test_streams_a_short_answer() -> None:
    async with SlowLlm(first_token_s=0.0).running() as llm, client(llm) as openai:
        stream = await openai.chat.completions.create(
            model=MODEL, messages=[{"role": "user", "content": "Hello"}], stream=True
        )
        parts = [chunk.choices[0].delta.content or "" async for chunk in stream]
    assert "".join(parts).strip() == SHORT[0]
    assert llm.requests == 1


async def test_answers_whole_and_long_where_asked() -> None:
    async with SlowLlm(first_token_s=0.0, long_answers=True).running() as llm, client(llm) as openai:
        answer = await openai.chat.completions.create(
            model=MODEL, messages=[{"role": "user", "content": "Hello"}]
        )
        models = await openai.models.list()
    assert answer.choices[0].message.content == LONG_ANSWER
    assert [model.id for model in models.data] == [MODEL]
