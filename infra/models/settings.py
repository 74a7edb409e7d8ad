"""Settings of the model server: environment variables `MODELS_*`, validated once at start."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where the server listens, what it keeps on disk, and every limit it holds.

    Each field is read from the environment variable `MODELS_<FIELD>`; `AVAAZ_HOME` alone has no prefix.
    """

    model_config = SettingsConfigDict(env_prefix="MODELS_", extra="ignore")

    host: str = "127.0.0.1"
    port: int = Field(default=8790, ge=0, le=65535)
    home: Path = Field(default=Path(".avaaz"), validation_alias="AVAAZ_HOME")
    log_level: str = "INFO"

    phrases_file: Path = Path("prompts/phrases.yaml")
    """YAML with `phrases: [text, ...]`, rendered ahead at idle; a missing file means none."""
    cache: Path | None = None
    """Folder of caches that outlive the server; `cache` in AVAAZ_HOME when not given."""
    cache_mb: int = Field(default=16, ge=1)
    """Upper bound of the spoken clauses kept in memory. Phrases of `phrases_file` are kept on disk."""

    max_streams: int = Field(default=8, ge=1)
    """Live transcriptions at once; the next one is refused with 503 before the handshake."""
    max_uploads: int = Field(default=8, ge=1)
    """Uploaded recordings at once; beyond it they get 503."""
    max_syntheses: int = Field(default=16, ge=1)
    """Speech requests that synthesize or wait; beyond it they get 503."""
    max_queued: int = Field(default=32, ge=1)
    """Grammar checks, and embeddings, at once; beyond it they get 503."""
    max_frame_bytes: int = Field(default=256 * 1024, ge=1024)
    """Largest message a live transcription may receive (8 s of 16 kHz PCM)."""
    max_upload_bytes: int = Field(default=25 * 1024 * 1024, ge=1024)
    max_upload_seconds: float = Field(default=600.0, gt=0)
    max_judgements: int = Field(default=8, ge=1)
    """Judgements of pronunciation at once, one working and the others waiting; beyond it they get 503."""
    max_pronunciation_seconds: float = Field(default=180.0, gt=0)
    max_pronunciation_chars: int = Field(default=5_000, ge=1)
    max_speech_chars: int = Field(default=10_000, ge=1)
    max_grammar_chars: int = Field(default=20_000, ge=1)
    max_embedding_inputs: int = Field(default=256, ge=1)
    max_embedding_chars: int = Field(default=32_000, ge=1)
    idle_timeout_s: float = Field(default=12.0, gt=0)
    """A live transcription without audio and without KeepAlive for this long is closed."""

    partial_ms: int = Field(default=300, ge=50)
    """Shortest distance between two partial results of one stream."""
    partial_after_ms: int = Field(default=400, ge=0)
    """No partial before this much speech: on less, the model guesses. An utterance's first words are shown
    this late, which makes the 95th percentile of captions: 480 ms behind the voice, 600 ms with 560 here."""
    speculate_ms: int = Field(default=64, ge=32)
    """Silence after which the final decode starts, ahead of the endpoint."""
    min_endpoint_ms: int = Field(default=200, ge=32)
    """Floor under the client's `endpointing`, whose customary 10 to 25 ms would split words."""
    second_look_idle_s: float = Field(default=600.0, gt=0)
    """How long the models of the second look stay in memory after their last use."""
    pronunciation_idle_s: float = Field(default=600.0, gt=0)
    """How long the models of pronunciation stay in memory after their last use."""
    align_wait_ms: int = Field(default=120, ge=0)
    """Longest time a final result waits for word alignment before word times are estimated."""
    tts_wait_s: float = Field(default=4.0, ge=0)
    """Longest wait for a restarting speech process before a request gets 503."""
    tts_timeout_s: float = Field(default=20.0, gt=0)
    """A clause that takes longer means a hung speech process: it is replaced."""

    @property
    def phrase_cache(self) -> Path:
        """Folder of the phrase cache."""
        return (self.cache or self.home / "cache") / "phrases"
