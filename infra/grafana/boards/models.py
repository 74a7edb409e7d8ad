"""The model server: recognition, speech and what they cost."""

from infra.grafana.panels import Dashboard, Panel, Query
from infra.grafana.queries import quantiles, rate, slowest

_FROM_CACHE = '{outcome="hit"}'

MODELS = Dashboard(
    "avaaz-models",
    "Avaaz: models",
    (
        Panel(
            "Model servers that answer",
            (Query('count(up{job="models"} == 1) or vector(0)'),),
            "none",
            stat=True,
        ),
        Panel("Live transcriptions", (Query("sum(avaaz_models_streams)"),), "none", stat=True),
        Panel(
            "Refused in an hour",
            (Query("sum(increase(avaaz_models_refused_total[1h]))"),),
            "none",
            "Requests for which there was no place.",
            stat=True,
            amber=1,
            red=10,
        ),
        Panel(
            "Speech restarts in an hour",
            (Query("sum(increase(avaaz_models_tts_restarts_total[1h]))"),),
            "none",
            stat=True,
            amber=1,
            red=5,
        ),
        Panel("Recognition by kind, p95", slowest("avaaz_models_decode_seconds", "kind"), "s"),
        Panel("From the end of speech to its words", quantiles("avaaz_models_final_lag_seconds"), "s"),
        Panel(
            "First byte of speech, p95, from the cache or not",
            slowest("avaaz_models_speech_first_byte_seconds", "cached"),
            "s",
        ),
        Panel(
            "Clauses found in the cache",
            (
                Query(
                    f"{rate('avaaz_models_phrase_cache_total', where=_FROM_CACHE)}"
                    f" / {rate('avaaz_models_phrase_cache_total')}",
                    "found",
                ),
            ),
            "percentunit",
        ),
        Panel(
            "Source of word times",
            (Query(rate("avaaz_models_aligned_total", "source"), "{{source}}"),),
            "ops",
            "An estimate where alignment was not ready in time.",
        ),
        Panel(
            "Judgements of pronunciation",
            (Query(rate("avaaz_models_pronunciation_total", "outcome"), "{{outcome}}"),),
            "ops",
            "Not judged where there was no speech, or another text was said.",
        ),
        Panel("Refused", (Query(rate("avaaz_models_refused_total", "what"), "{{what}}"),), "ops"),
        Panel(
            "Memory",
            (Query('process_resident_memory_bytes{job="models"}', "{{instance}}"),),
            "bytes",
            "The main process; speech has one of its own.",
        ),
        Panel(
            "Processor", (Query('rate(process_cpu_seconds_total{job="models"}[5m])', "{{instance}}"),), "none"
        ),
    ),
)
