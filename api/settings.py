"""Settings of the API and its job worker, validated once at start; names are those of `.env.example`."""

from functools import lru_cache
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit, urlunsplit

from pydantic import AliasChoices, Field, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from api.contract.voices import voices_of
from infra.configuration import FileSettings, load_or_exit

API_PREFIX = "/api/v1"
"""Path under which everything for browsers and API clients lies."""


class Settings(FileSettings):
    """Everything the API reads from its environment."""

    model_config = SettingsConfigDict(env_file=None, extra="ignore", populate_by_name=True)

    database_url: str = "postgresql://avaaz:avaaz@127.0.0.1:5499/avaaz"
    migrations_database_url: str | None = None
    """Address of the schema's owner; read only by `python -m api.migrate` and Alembic."""
    api_host: str = "127.0.0.1"
    api_port: int = Field(default=8000, ge=0, le=65_535)
    worker_metrics_port: int = Field(default=9104, ge=0, le=65_535)
    """Where the job worker's figures are, at the API's host."""
    secret_key: SecretStr = Field(min_length=32)
    secret_key_previous: SecretStr | None = Field(default=None, min_length=32)
    """The secret before the present one: what it signed is believed still, nothing is signed with it."""
    agent_service_key: SecretStr = Field(min_length=16)
    log_level: str = "INFO"
    slow_statement_ms: float = Field(default=250.0, gt=0)
    """SQL statements that take longer are logged, without their values."""

    livekit_url: str = "ws://127.0.0.1:7880"
    livekit_api_key: str
    livekit_api_secret: SecretStr
    public_livekit_url: str | None = None

    avaaz_embedded: bool = False
    frontend_dist: Path | None = None
    allowed_origins: str = ""
    """Comma-separated origins, besides the API's own, whose pages may write with a cookie."""
    cookie_secure: bool | None = None
    """Left out: secure everywhere but in the embedded stack, which speaks plain HTTP on loopback."""
    session_days: int = Field(default=30, ge=1, le=365)
    access_token_expire_minutes: int = Field(default=30, ge=1, le=60)
    """Life of a bearer token of an API client."""
    refresh_token_expire_days: int = Field(default=7, ge=1, le=30)
    """Life of a refresh token; each refresh gives a new one, up to `session_days` after the sign-in."""

    max_calls: int = Field(default=4, ge=1, validation_alias=AliasChoices("MAX_CALLS", "AGENT_MAX_CALLS"))
    """Calls that may be open at once; the next learner is told that the server is full."""
    token_minutes: int = Field(default=10, ge=1, le=10)
    sweep_interval_s: float = Field(default=5.0, gt=0)
    orphan_after_s: float = Field(default=120.0, ge=0)
    """An open call whose room has not been seen living for so long is closed."""

    public_url: str | None = None
    """Where people open the product; mailed links begin with it."""
    avaaz_home: Path = Path(".avaaz")
    """Mail is written below it where no SMTP server is named."""
    objects_dir: Path | None = None
    """Folder of stored objects, such as recordings; `objects` in `avaaz_home` where left out."""
    s3_bucket: str | None = None
    """Objects are kept in this bucket, and not in a folder."""
    s3_endpoint: str | None = None
    """Address of a server that speaks S3; Amazon's where left out."""
    s3_region: str = "us-east-1"
    s3_access_key_id: str | None = None
    s3_secret_access_key: SecretStr | None = None
    smtp_host: str | None = None
    smtp_port: int = Field(default=587, ge=1, le=65_535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    mail_from: str = "Avaaz <no-reply@localhost.localdomain>"
    mail_retry_s: float = Field(default=10.0, gt=0)
    """Pause after the first failure to send a mail; it doubles, up to half an hour, for a day."""

    job_retry_s: float = Field(default=5.0, gt=0)
    """Pause after a job's first failure; it grows fourfold, and the third failure is the last."""

    require_verified_email: bool = False
    """Whether talking waits until the e-mail address is confirmed."""
    require_age: bool = False
    """Whether talking waits until the year of birth is known."""
    consent_age: int = Field(default=16, ge=0, le=21)
    """Learners who may be younger need a guardian's or school's consent before they talk."""
    lockout_failures: int = Field(default=5, ge=1)
    lockout_minutes: float = Field(default=15, gt=0)
    """So many wrong passwords in a row close an account to strange browsers for so long."""

    recording_retention_days: int | None = Field(default=None, ge=1, le=3650)
    transcript_retention_days: int | None = Field(default=None, ge=1, le=3650)
    """Recordings, and calls with their transcripts, are kept so long at most, counted from the call's end.

    Organisations and learners may choose less. Left out: until somebody does, or the account is deleted.
    """
    deleted_call_days: int = Field(default=7, ge=1, le=90)
    """So long a deleted call can be brought back."""
    export_days: int = Field(default=7, ge=1, le=30)
    """So long a copy of everything about a person can be fetched."""

    auth_rate_limit: str = "30/minute"
    """Sign-ups, sign-ins and mailed links, by client address."""
    user_rate_limit: str = "240/minute"
    """Requests of a signed-in person, for each endpoint apart."""
    mail_rate_limit: str = "5/hour"
    """Mails that a person may cause, and resets asked for one address."""
    password_rate_limit: str = "10/15minute"  # noqa: S105 - a rate, not a secret
    """Wrong passwords given to confirm a change, by person."""
    token_rate_limit: str = "30/minute"  # noqa: S105 - a rate, not a secret
    """Minted room tokens, by learner."""

    message_rate_limit: str = "30/minute"
    """Messages typed in a call by text, by learner."""
    text_idle_minutes: float = Field(default=15, gt=0)
    """A call by text in which nothing was typed for so long ends."""

    api_key_rate_limit: str = "300/minute"
    """Requests, by API key."""
    invitation_rate_limit: str = "200/hour"
    """Invitations, by whoever invites: each mail and each link counts."""
    join_rate_limit: str = "300/minute"
    """Invitations looked at and accepted, by client address: a whole class comes from one."""
    speech_rate_limit: str = "60/minute"
    """Recordings heard and sentences said in reviews, by person."""
    refresh_rate_limit: str = "6/hour"
    """Figures of programs reckoned on demand, by organisation."""
    upload_rate_limit: str = "60/hour"
    """Documents brought, by person."""

    document_mb: int = Field(default=20, ge=1, le=100)
    """The largest file that may be brought, in megabytes (millions of bytes)."""
    learner_documents: int = Field(default=50, ge=0)
    school_documents: int = Field(default=2_000, ge=0)
    """So many documents may a learner have in an organisation, and the organisation itself."""
    document_read_s: int = Field(default=120, ge=5, le=1_800)
    document_read_mb: int = Field(default=1_500, ge=256)
    """Time and memory that reading one document may take."""
    chunk_tokens: int = Field(default=220, ge=40, le=2_000)
    chunk_overlap_tokens: int = Field(default=40, ge=0, le=400)
    """How large the passages are that documents are cut into, and how much of one the next repeats."""

    google_client_id: str | None = None
    google_client_secret: SecretStr | None = None
    microsoft_client_id: str | None = None
    microsoft_client_secret: SecretStr | None = None
    microsoft_tenant: str = "common"
    """A tenant's id admits its people alone; then its administrator answers for their addresses."""
    facebook_client_id: str | None = None
    facebook_client_secret: SecretStr | None = None
    openid_client_id: str | None = None
    openid_client_secret: SecretStr | None = None
    openid_configuration_url: str | None = None
    """Discovery document of any OpenID provider, such as a school's own."""
    openid_title: str = "OpenID"
    """What people call that provider; stands on its button."""

    stt_url: str | None = None
    tts_url: str | None = None
    tts_voices: str = ""
    """Comma-separated voices to choose from, for a speech server of one's own; known for other providers."""
    llm_url: str | None = None
    embeddings_url: str | None = None
    embeddings_model: str = "text-embedding-3-small"
    """What a server of several models is asked for; the local one has one model and answers with that."""
    embeddings_dimensions: int | None = Field(default=None, ge=8, le=2_000)
    """Length of vectors, for models that give shorter ones; their own length where left out."""
    embeddings_api_key: SecretStr | None = None
    rerank_url: str | None = None
    """Whole address of a reranker that speaks Jina's and Cohere's protocol; searches on screen ask it."""
    rerank_model: str = "default"
    rerank_api_key: SecretStr | None = None
    rerank_timeout_s: float = Field(default=2.0, gt=0, le=10)
    grammar_url: str | None = None
    models_url: str | None = None
    """The model server itself, for judging speech: the second look, what sound is like, pronunciation."""
    llm_provider: str | None = None
    stt_provider: str = "local"
    tts_provider: str = "local"
    """As the agent's settings of the same names; shown to operators."""
    llm_model: str = "gpt-4o-mini"
    stt_model: str = "nova-3"
    tts_model: str = "tts-1"
    tts_voice: str = "joe"
    deepgram_api_key: SecretStr | None = None
    llm_api_key: SecretStr | None = None
    openai_api_key: SecretStr | None = None
    exam_time_scale: float = Field(default=1.0, gt=0, le=1)
    """What the lengths of mock exams are multiplied by; for tests, and refused outside the embedded stack."""
    summary_timeout_s: float = Field(default=40.0, gt=0, le=50)
    """How long a language model may take over a summary or a report; then they are made from facts."""

    @field_validator(
        "public_livekit_url",
        "objects_dir",
        "s3_bucket",
        "s3_endpoint",
        "s3_access_key_id",
        "s3_secret_access_key",
        "frontend_dist",
        "cookie_secure",
        "public_url",
        "smtp_host",
        "smtp_username",
        "smtp_password",
        "migrations_database_url",
        "recording_retention_days",
        "transcript_retention_days",
        "stt_url",
        "tts_url",
        "llm_url",
        "embeddings_url",
        "embeddings_dimensions",
        "embeddings_api_key",
        "rerank_url",
        "rerank_api_key",
        "grammar_url",
        "models_url",
        "llm_provider",
        "llm_api_key",
        "openai_api_key",
        "deepgram_api_key",
        "secret_key_previous",
        "google_client_id",
        "google_client_secret",
        "microsoft_client_id",
        "microsoft_client_secret",
        "facebook_client_id",
        "facebook_client_secret",
        "openid_client_id",
        "openid_client_secret",
        "openid_configuration_url",
        mode="before",
    )
    @classmethod
    def _empty_is_absent(cls, value: object) -> object:
        return None if value == "" else value

    @model_validator(mode="after")
    def _exams_keep_their_time(self) -> Self:
        if self.exam_time_scale < 1 and not self.avaaz_embedded:
            raise ValueError("EXAM_TIME_SCALE is for tests: outside the embedded stack exams keep their time")
        return self

    @property
    def secure_cookies(self) -> bool:
        """Whether the session cookie is sent over HTTPS only."""
        return not self.avaaz_embedded if self.cookie_secure is None else self.cookie_secure

    @property
    def own_url(self) -> str:
        """Where people open the product, without a slash at the end."""
        return (self.public_url or f"http://127.0.0.1:{self.api_port}").rstrip("/")

    @property
    def most_document_bytes(self) -> int:
        """The largest file that may be brought."""
        return self.document_mb * 1_000_000

    @property
    def browser_livekit_url(self) -> str:
        """The address browsers are told, always with a WebSocket scheme."""
        return with_scheme(self.public_livekit_url or self.livekit_url, secure="wss", plain="ws")

    @property
    def livekit_http_url(self) -> str:
        """The address of LiveKit's server API, always with an HTTP scheme."""
        return with_scheme(self.livekit_url, secure="https", plain="http")

    @property
    def origins(self) -> frozenset[str]:
        """Origins allowed besides the API's own."""
        return frozenset(part.strip().rstrip("/") for part in self.allowed_origins.split(",") if part.strip())

    @property
    def voices(self) -> tuple[str, ...]:
        """The voices that learners may choose between; none where there is only one."""
        found = voices_of(self.tts_provider.split(",")[0].strip(), self.tts_voices)
        return found if len(found) > 1 else ()

    @property
    def has_language_model(self) -> bool:
        """Whether a language model is configured; without one the coach is guided."""
        if self.llm_provider is not None:
            return self.llm_provider != "guided"
        return self.llm_url is not None or self.openai_api_key is not None


class DatabaseSettings(FileSettings):
    """What migrating needs, without the secrets of a serving process."""

    model_config = SettingsConfigDict(env_file=None, extra="ignore")

    database_url: str = "postgresql://avaaz:avaaz@127.0.0.1:5499/avaaz"
    migrations_database_url: str
    log_level: str = "INFO"


def with_scheme(url: str, *, secure: str, plain: str) -> str:
    """Return `url` with its scheme replaced by `secure` or `plain`, as it was encrypted or not."""
    parts = urlsplit(url)
    scheme = secure if parts.scheme in {"https", "wss"} else plain
    return urlunsplit((scheme, parts.netloc, parts.path.rstrip("/"), "", ""))


@lru_cache
def get_settings() -> Settings:
    """Return the process's settings, read from the environment the first time."""
    return load_or_exit(Settings)
