// A module of its own, so that "go build ./..." of the project leaves alone what only a launcher makes a whole program.
module hello

go 1.20
