"""Agent workers: workers, their jobs, and the record on its way."""

from infra.grafana.panels import Dashboard, Panel, Query
from infra.grafana.queries import quantiles, rate

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
            quantiles("lk_agents_proc_initialize_duration_seconds"),
            "s",
        ),
        Panel(
            "Sentences filtered",
            (Query("sum by (theme) (increase(avaaz_agent_filtered_sentences_total[1h]))", "{{theme}}"),),
            "none",
            "Words of the coach's that were not for the learner, by theme; replaced before they were said.",
        ),
        Panel(
            "Jobs lost",
            (
                Query("sum(increase(avaaz_jobs_lost_total[5m]))", "known to the API"),
                Query("sum(increase(avaaz_outbox_lost_jobs_total[5m]))", "found by the shipper"),
            ),
            "none",
        ),
        Panel(
            "Outbox: what waits",
            (
                Query("sum(avaaz_outbox_waiting_segments)", "calls with something undelivered"),
                Query("sum(avaaz_outbox_dead_letters)", "refused for good"),
            ),
            "none",
            "What was said and has not reached the API; refused for good lies in the folder dead.",
        ),
        Panel(
            "Outbox: age of what waits longest",
            (Query("max(avaaz_outbox_oldest_age_seconds)", "age"),),
            "s",
            "After seven days it can no longer be delivered.",
        ),
        Panel(
            "Outbox: turns a second",
            (
                Query(rate("avaaz_outbox_turns_delivered_total"), "delivered"),
                Query(rate("avaaz_outbox_delivery_failures_total"), "deliveries to be tried again"),
            ),
            "ops",
        ),
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
