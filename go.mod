module wsk-scenario

go 1.26.0
