"""`python -m jsm_sla_bot` is `jsm-sla-bot`, and like that it imports nothing from the folder in which it is started."""

import os
import sys


def _started_as_module() -> None:
    folder = os.getcwd()  # noqa: PTH109 - pathlib itself would be looked for in that folder
    if not sys.flags.safe_path and sys.path[:1] == [folder]:
        del sys.path[0]
    from jsm_sla_bot.cli import main  # noqa: PLC0415 - only once that folder is out of the way

    main()


if __name__ == "__main__":
    _started_as_module()
