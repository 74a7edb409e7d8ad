"""Dashboards, alert rules and the configuration of Prometheus."""
