"""The five dashboards: API, voice, agent workers, jobs and database, models."""

from infra.grafana.boards.agents import AGENTS
from infra.grafana.boards.api import API
from infra.grafana.boards.jobs import JOBS
from infra.grafana.boards.models import MODELS
from infra.grafana.boards.voice import VOICE

DASHBOARDS = (API, VOICE, AGENTS, JOBS, MODELS)
