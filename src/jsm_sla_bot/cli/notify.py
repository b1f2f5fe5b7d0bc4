"""`notify test` and `notify --dry-run`: whether channels of `notify.yaml` work, and who would be told of what now."""

from typing import Annotated

import typer

from jsm_sla_bot.app import channels
from jsm_sla_bot.cli.console import fail, out, plainly
from jsm_sla_bot.cli.desk_as_read import states_of
from jsm_sla_bot.cli.options import ConfigFolder
from jsm_sla_bot.cli.reading import desk
from jsm_sla_bot.config.load import load
from jsm_sla_bot.daemon.clock import SystemClock
from jsm_sla_bot.ports.notices import DeskView
from jsm_sla_bot.ports.notify import NotDeliveredError, NoticeRefusedError
from jsm_sla_bot.settings.single import read_config_dir
from jsm_sla_bot.text.nearest import nearest

app = typer.Typer(
    help="Try the channels by which people outside Jira are told.",
    no_args_is_help=True,
)


@app.callback(invoke_without_command=True)
@plainly
def notify(
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Show who would be told of what, as the desk stands now.",
        ),
    ] = False,
) -> None:
    """Try the channels by which people outside Jira are told."""
    if not dry_run:
        return
    read, configuration = desk(SystemClock().now())
    policy = configuration.policy
    view = DeskView(
        plan=configuration.notify,
        policy=policy,
        site=read.site,
        states=[*states_of(read.records, policy, read.as_of)],
        now=read.as_of,
        is_whole=True,
    )
    told = [*channels.would_tell(view)]
    for channel, notice in told:
        out.print(f"{channel}: {notice.title}", markup=False, soft_wrap=True)
    if not told:
        out.print("nobody would be told of anything")


@app.command("test")
@plainly
def probe(
    name: Annotated[
        str, typer.Argument(help="The channel's name in notify.yaml.")
    ],
    config: ConfigFolder = None,
) -> None:
    """Send a marked probe to a channel of notify.yaml. Exit code 0 when the service has taken it, 1 when not."""
    plans = load(config or read_config_dir()).notify.channels
    if name not in plans:
        fail(_unknown(name, [*plans]))
    try:
        channels.probe(plans[name], name, SystemClock())
    except (NotDeliveredError, NoticeRefusedError) as error:
        fail(f"the channel {name!r} does not deliver: {error}")
    out.print(
        f"the channel {name!r} has taken a probe: see whether it arrived",
        markup=False,
    )


def _unknown(name: str, known: list[str]) -> str:
    if not known:
        return f"notify.yaml has no channel {name!r}: it has none at all"
    near = nearest(name, known)
    hint = f"did you mean {near!r}?" if near else f"it has {', '.join(known)}"
    return f"notify.yaml has no channel {name!r}: {hint}"
