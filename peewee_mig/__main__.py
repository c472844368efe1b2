"""``python -m peewee_mig``."""

from peewee_mig.cli.main import main

if __name__ == "__main__":
    main()
