.PHONY: demo test lint fmt bench bench-full faults e2e messages clean

demo:      ## a real response, running: set up, load examples/, serve on 127.0.0.1:8000 (or PORT), print how to sign in
	@bin/setup dev
	@exec .venv/bin/tongzhou demo

test:      ## everything that must hold: checks, tests on SQLite and PostgreSQL, journeys in a browser
	@bin/setup dev
	@bin/apt
	@.venv/bin/python bin/test

lint:      ## the checks only
	@bin/setup dev
	@.venv/bin/python bin/test lint

e2e:       ## the journeys only, with pictures of their pages in var/screenshots
	@bin/setup dev
	@bin/apt
	@TONGZHOU_PICTURES=1 .venv/bin/python bin/test journeys

screenshots:  ## the pictures of the documentation, taken anew
	@bin/setup dev
	@bin/apt
	@.venv/bin/python bin/screenshots

fmt:       ## write the code in its one layout
	@bin/setup dev
	@.venv/bin/ruff check --fix-only --quiet .
	@.venv/bin/ruff format .

messages:  ## gather the texts people see into the catalogues to be translated
	@bin/setup
	@.venv/bin/tongzhou messages

bench:     ## pages on a small synthetic response and on ten times its size, both engines; the start of a demo
	@bin/setup dev
	@.venv/bin/python benchmarks/pages.py
	@.venv/bin/python benchmarks/startup.py

bench-full:  ## the same with 60 units, 3,000 members, 5,000 records; the tenfold takes a while to make (once, in TONGZHOU_BENCH)
	@bin/setup dev
	@.venv/bin/python benchmarks/pages.py full
	@.venv/bin/python benchmarks/startup.py

# what the suite tries in short, in full: the protocol, WAL and disk; kills on both engines; 50 days of a station in a browser
faults:    ## kills, cut files, full disks and storms at the station; prints what was lost: nothing
	@bin/setup dev
	@bin/apt
	@DATABASE_URL= TONGZHOU_WAL_CUTS=2000 TONGZHOU_PROTOCOL_RUNS=500 .venv/bin/pytest -qs -p no:cacheprovider tests/modules/testing/test_keeping.py tests/modules/testing/test_machine.py
	@PYTHONPATH=. .venv/bin/python benchmarks/faults.py
	@DATABASE_URL= TONGZHOU_STATION_RUNS=50 .venv/bin/pytest -qs -p no:cacheprovider tests/e2e/test_station_storms.py

clean:     ## what was made here, except the data in var/
	rm -rf .venv node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
