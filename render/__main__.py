from .cli import main

# Worker processes import the module they were started from.
if __name__ == "__main__":
    raise SystemExit(main())
