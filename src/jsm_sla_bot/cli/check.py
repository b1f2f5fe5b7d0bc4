"""`check`: whether the daemon would run with the YAML as it stands."""

from jsm_sla_bot.cli.console import out, plainly
from jsm_sla_bot.cli.options import ConfigFolder
from jsm_sla_bot.config.calendars.layout import expiring
from jsm_sla_bot.config.load import load
from jsm_sla_bot.daemon.clock import SystemClock
from jsm_sla_bot.settings.single import read_config_dir


@plainly
def check(config: ConfigFolder = None) -> None:
    """Read the whole configuration and report every problem at once, each with file:line:column.

    Exit code 0 when the daemon would run with it, 1 when not. Asks no Jira.
    """
    folder = config or read_config_dir()
    configuration = load(folder)
    policy = configuration.policy
    today = SystemClock().now().date()
    for warning in (*configuration.warnings, *expiring(policy, today)):
        out.print(f"warning: {warning}", markup=False, soft_wrap=True)
    counts = f"{len(policy.tiers)} tiers, {len(policy.organizations)} organizations, {len(policy.calendars)} calendars"
    out.print(
        f"{folder} is good: {counts}, policy {policy.hash}",
        markup=False,
        soft_wrap=True,
    )
