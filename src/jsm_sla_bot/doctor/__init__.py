"""The doctor: named checks that judge what a survey of the site found against `jira.yaml` and the policy. No I/O."""
