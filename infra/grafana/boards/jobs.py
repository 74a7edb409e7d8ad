"""Jobs and database: the queue, the database and the server."""

from infra.grafana.panels import Dashboard, Panel, Query
from infra.grafana.queries import quantiles, rate, slowest

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
            "Dead jobs",
            (Query('sum(max by (job) (avaaz_worker_queue_jobs{state="dead"})) or vector(0)'),),
            "none",
            "Jobs that used up their attempts.",
            stat=True,
            amber=1,
            red=10,
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
            "Jobs by how they ended",
            (Query(rate("avaaz_worker_jobs_total", "job, outcome"), "{{job}} {{outcome}}"),),
            "ops",
        ),
        Panel(
            "Jobs by where they stand",
            (
                Query(
                    "sum by (job, state) (max by (job, state) (avaaz_worker_queue_jobs))", "{{job}} {{state}}"
                ),
            ),
            "none",
            "Retrying: it failed and waits for another attempt. Dead: it failed three times; administrators "
            "try it again or discard it.",
        ),
        Panel("Time of a job, p95", slowest("avaaz_worker_job_seconds", "job"), "s"),
        Panel(
            "Sweeps over calls and rooms",
            (Query(rate("avaaz_worker_sweeps_total", "outcome"), "{{outcome}}"),),
            "ops",
            "A sweep finds rooms without a coach and calls without a room.",
        ),
        Panel(
            "Since the last sweep",
            (Query("time() - max(avaaz_worker_last_sweep_timestamp_seconds)", "seconds"),),
            "s",
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
            "Time of a statement, as the API waits for it",
            quantiles("avaaz_statement_seconds"),
            "s",
            "p99 above 0.05: look for slow statements in the API's log.",
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
