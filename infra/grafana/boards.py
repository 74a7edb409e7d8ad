"""The five dashboards: API, voice, agent workers, jobs and database, models."""

from infra.grafana.panels import Dashboard, Panel, Query

_REQUESTS = "avaaz_http_requests_total"
_FAILED = '{status=~"5.."}'
_FROM_CACHE = '{outcome="hit"}'
_QUANTILES = (0.5, 0.95, 0.99)


def _rate(metric: str, by: str = "", where: str = "") -> str:
    grouped = f"sum by ({by}) " if by else "sum"
    return f"{grouped}(rate({metric}{where}[5m]))"


def _quantiles(histogram: str, where: str = "") -> tuple[Query, ...]:
    """The median, the 95th and the 99th percentile of a histogram over five minutes."""
    return tuple(
        Query(
            f"histogram_quantile({share}, {_rate(f'{histogram}_bucket', 'le', where)})",
            f"p{round(share * 100)}",
        )
        for share in _QUANTILES
    )


def _slowest(histogram: str, by: str) -> tuple[Query, ...]:
    series = _rate(f"{histogram}_bucket", f"le, {by}")
    return (Query(f"topk(10, histogram_quantile(0.95, {series}))", f"{{{{{by}}}}}"),)


API = Dashboard(
    "avaaz-api",
    "Avaaz: API",
    (
        Panel(
            "API processes that answer", (Query('count(up{job="api"} == 1) or vector(0)'),), "none", stat=True
        ),
        Panel("Requests a second", (Query(_rate(_REQUESTS)),), "reqps", stat=True),
        Panel(
            "Failed requests",
            (Query(f"{_rate(_REQUESTS, where=_FAILED)} / {_rate(_REQUESTS)}"),),
            "percentunit",
            "Share of answers that are 5xx.",
            stat=True,
            amber=0.001,
            red=0.01,
        ),
        Panel(
            "Time to answer, p95",
            (_quantiles("avaaz_http_request_seconds")[1],),
            "s",
            stat=True,
            amber=0.3,
            red=1.0,
        ),
        Panel("Time to answer", _quantiles("avaaz_http_request_seconds"), "s"),
        Panel("Answers by status", (Query(_rate(_REQUESTS, "status"), "{{status}}"),), "reqps"),
        Panel("Slowest routes, p95", _slowest("avaaz_http_request_seconds", "route"), "s"),
        Panel(
            "Busiest routes",
            (Query(f"topk(10, {_rate(_REQUESTS, 'method, route')})", "{{method}} {{route}}"),),
            "reqps",
        ),
        Panel(
            "Refused requests",
            (
                Query(
                    _rate(_REQUESTS, "route, status", '{status=~"401|403|413|429"}'), "{{status}} {{route}}"
                ),
            ),
            "reqps",
            "401 and 403: who may not; 413: too large; 429: too often.",
        ),
        Panel(
            "At the edge: time to answer, p95",
            (
                Query(
                    f"histogram_quantile(0.95, {_rate('caddy_http_request_duration_seconds_bucket', 'le')})",
                    "Caddy",
                ),
            ),
            "s",
            "With the network between Caddy and the API.",
        ),
    ),
)

VOICE = Dashboard(
    "avaaz-voice",
    "Avaaz: voice",
    (
        Panel("Calls open", (Query("max(avaaz_calls_open)"),), "none", stat=True),
        Panel("Rooms in LiveKit", (Query("sum(livekit_room_total)"),), "none", stat=True),
        Panel("Turns a minute", (Query(f"{_rate('avaaz_turns_kept_total')} * 60"),), "none", stat=True),
        Panel(
            "First sound of speech, p95",
            (_quantiles("avaaz_models_speech_first_byte_seconds")[1],),
            "s",
            "From the request for speech to its first byte, at the model server.",
            stat=True,
            amber=0.5,
            red=1.5,
        ),
        Panel(
            "Calls opened a minute",
            (
                Query(
                    f"{_rate('avaaz_calls_opened_total', 'resumed')} * 60",
                    "carried on after a lost connection: {{resumed}}",
                ),
            ),
            "none",
        ),
        Panel(
            "Calls closed a minute, by reason",
            (Query(f"{_rate('avaaz_calls_closed_total', 'reason')} * 60", "{{reason}}"),),
            "none",
        ),
        Panel(
            "From the end of speech to its words",
            _quantiles("avaaz_models_final_lag_seconds"),
            "s",
            "What recognition adds to an answer.",
        ),
        Panel(
            "From a request for speech to its first byte",
            _quantiles("avaaz_models_speech_first_byte_seconds"),
            "s",
            "What synthesis adds to an answer.",
        ),
        Panel(
            "Participants and rooms",
            (
                Query("sum(livekit_participant_total)", "participants"),
                Query("sum(livekit_room_total)", "rooms"),
            ),
            "none",
        ),
        Panel(
            "Quality of connections, as LiveKit rates it",
            (
                Query(
                    f"{_rate('livekit_quality_score_sum')} / {_rate('livekit_quality_score_count')}",
                    "mean opinion score",
                ),
            ),
            "none",
            "From 1 (bad) to 5 (excellent).",
        ),
        Panel(
            "Webhooks waiting in LiveKit",
            (Query("max(livekit_webhook_queue_length)", "waiting"),),
            "none",
            "The API hears of rooms that end through these.",
        ),
    ),
)

AGENTS = Dashboard(
    "avaaz-agents",
    "Avaaz: agent workers",
    (
        Panel(
            "Workers that answer",
            (Query('count(up{job="agent"} == 1) or vector(0)'),),
            "none",
            stat=True,
        ),
        Panel("Jobs that run", (Query("sum(lk_agents_active_job_count)"),), "none", stat=True),
        Panel(
            "Highest load of a worker",
            (Query("max(lk_agents_worker_load)"),),
            "percentunit",
            "Taken places of a worker; below LiveKit's target while one is free.",
            stat=True,
            amber=0.7,
            red=1.0,
        ),
        Panel(
            "Jobs lost in an hour",
            (Query("sum(increase(avaaz_jobs_lost_total[1h]))"),),
            "none",
            "Jobs that died in the middle of a call; another one carried the call on.",
            stat=True,
            amber=1,
            red=5,
        ),
        Panel(
            "Jobs by worker",
            (Query("sum by (instance) (lk_agents_active_job_count)", "{{instance}}"),),
            "none",
        ),
        Panel(
            "Load by worker",
            (Query("max by (instance) (lk_agents_worker_load)", "{{instance}}"),),
            "percentunit",
        ),
        Panel(
            "Processes of each worker",
            (Query("max by (instance) (lk_agents_child_process_count)", "{{instance}}"),),
            "none",
            "One for each call, and those kept ready.",
        ),
        Panel(
            "Making a process ready",
            _quantiles("lk_agents_proc_initialize_duration_seconds"),
            "s",
        ),
        Panel("Jobs lost", (Query("sum(increase(avaaz_jobs_lost_total[5m]))", "lost"),), "none"),
        Panel(
            "Calls open and jobs that run",
            (
                Query("max(avaaz_calls_open)", "calls open"),
                Query("sum(lk_agents_active_job_count)", "jobs"),
            ),
            "none",
            "More calls than jobs for longer than a minute: learners wait for a coach.",
        ),
    ),
)

JOBS = Dashboard(
    "avaaz-jobs",
    "Avaaz: jobs and database",
    (
        Panel("Database answers", (Query("min(pg_up)"),), "none", stat=True),
        Panel(
            "Connections taken",
            (Query("sum(pg_stat_activity_count) / max(pg_settings_max_connections)"),),
            "percentunit",
            stat=True,
            amber=0.7,
            red=0.9,
        ),
        Panel(
            "Jobs in the queue",
            (Query('sum(pg_stat_user_tables_n_live_tup{relname="pgqueuer"})'),),
            "none",
            "Estimated by Postgres.",
            stat=True,
            amber=100,
            red=1000,
        ),
        Panel(
            "Disk free",
            (
                Query(
                    'node_filesystem_avail_bytes{mountpoint="/"} / node_filesystem_size_bytes{mountpoint="/"}'
                ),
            ),
            "percentunit",
            stat=True,
        ),
        Panel(
            "Jobs added and taken a second",
            (
                Query('sum(rate(pg_stat_user_tables_n_tup_ins{relname="pgqueuer"}[5m]))', "added"),
                Query('sum(rate(pg_stat_user_tables_n_tup_del{relname="pgqueuer"}[5m]))', "done"),
            ),
            "ops",
        ),
        Panel(
            "Jobs in the queue",
            (Query('sum(pg_stat_user_tables_n_live_tup{relname="pgqueuer"})', "waiting or at work"),),
            "none",
        ),
        Panel(
            "Connections by state",
            (Query('sum by (state) (pg_stat_activity_count{datname="avaaz"})', "{{state}}"),),
            "none",
        ),
        Panel(
            "Transactions a second",
            (
                Query('sum(rate(pg_stat_database_xact_commit{datname="avaaz"}[5m]))', "committed"),
                Query('sum(rate(pg_stat_database_xact_rollback{datname="avaaz"}[5m]))', "rolled back"),
            ),
            "ops",
        ),
        Panel(
            "Longest transaction",
            (Query('max(pg_stat_activity_max_tx_duration{datname="avaaz"})', "seconds"),),
            "s",
        ),
        Panel("Size of the database", (Query('pg_database_size_bytes{datname="avaaz"}', "avaaz"),), "bytes"),
        Panel(
            "Processor of the server",
            (Query('1 - avg(rate(node_cpu_seconds_total{mode="idle"}[5m]))', "busy"),),
            "percentunit",
        ),
        Panel(
            "Memory of the server",
            (Query("1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes", "taken"),),
            "percentunit",
        ),
    ),
)

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
        Panel("Recognition by kind, p95", _slowest("avaaz_models_decode_seconds", "kind"), "s"),
        Panel("From the end of speech to its words", _quantiles("avaaz_models_final_lag_seconds"), "s"),
        Panel(
            "First byte of speech, p95, from the cache or not",
            _slowest("avaaz_models_speech_first_byte_seconds", "cached"),
            "s",
        ),
        Panel(
            "Clauses found in the cache",
            (
                Query(
                    f"{_rate('avaaz_models_phrase_cache_total', where=_FROM_CACHE)}"
                    f" / {_rate('avaaz_models_phrase_cache_total')}",
                    "found",
                ),
            ),
            "percentunit",
        ),
        Panel(
            "Source of word times",
            (Query(_rate("avaaz_models_aligned_total", "source"), "{{source}}"),),
            "ops",
            "An estimate where alignment was not ready in time.",
        ),
        Panel("Refused", (Query(_rate("avaaz_models_refused_total", "what"), "{{what}}"),), "ops"),
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

DASHBOARDS = (API, VOICE, AGENTS, JOBS, MODELS)
