"""Prometheus metrics of the model server."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 2, 5, 10)

STREAMS = Gauge("avaaz_models_streams", "Live transcriptions open", registry=REGISTRY)
DECODES = Histogram(
    "avaaz_models_decode_seconds", "Speech decodes by kind", ["kind"], buckets=_SECONDS, registry=REGISTRY
)
FINAL_LAG = Histogram(
    "avaaz_models_final_lag_seconds",
    "From endpoint or Finalize to the final",
    buckets=_SECONDS,
    registry=REGISTRY,
)
ALIGNED = Counter(
    "avaaz_models_aligned_total", "Finals by source of word times", ["source"], registry=REGISTRY
)
JUDGED = Counter(
    "avaaz_models_pronunciation_total",
    "Judgements of pronunciation by outcome",
    ["outcome"],
    registry=REGISTRY,
)
FIRST_BYTE = Histogram(
    "avaaz_models_speech_first_byte_seconds",
    "Speech requests",
    ["cached"],
    buckets=_SECONDS,
    registry=REGISTRY,
)
CACHE = Counter("avaaz_models_phrase_cache_total", "Clauses looked up", ["outcome"], registry=REGISTRY)
RESTARTS = Counter("avaaz_models_tts_restarts_total", "Restarts of the speech process", registry=REGISTRY)
REFUSED = Counter(
    "avaaz_models_refused_total", "Requests refused for want of a place", ["what"], registry=REGISTRY
)
