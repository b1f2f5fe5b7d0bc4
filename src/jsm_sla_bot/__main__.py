"""`python -m jsm_sla_bot` is `jsm-sla-bot`."""

from jsm_sla_bot.cli import main

if __name__ == "__main__":
    main()
