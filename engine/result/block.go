package result

// blockSize is how many samples a block holds: enough to be small on disk, few enough to be unpacked in memory.
const blockSize = 4096

// What a sample has, as bits.
const (
	isWarmup = 1 << iota
	hasFirstByte
	hasCompleted
	hasRecord
	hasWait
	hasInit
	hasShortID // the activation's id is 32 hexadecimal digits, and kept as 16 bytes
	hasOwnID   // the transaction's id ends with user and ordinal, and is kept without them
	hasHops
	hasPlace
	hasComponents // that are still to be read
	hasLevel
	hasExtracted
	hasParts
	hasStages
	awaitsStages // more of them may become known
)

// A block is samples of one phase of one pass, column by column: what changes little from one to the next is kept as
// the change, texts as their number among those of the block, and all but the ids is packed (RFC 1951).
//
//	cell · phase · repeat · n │ packed: texts, flags, users, ordinals, moments, record, sizes │ ids
type block struct {
	cell, phase, repeat int
	n                   int
}

// The columns of a block.
const (
	cFlags = iota
	cUser
	cSeq
	cStep
	cDue
	cSent
	cFirst
	cDone
	cCompleted
	cStatus
	cStart
	cEnd
	cDuration
	cWait
	cInit
	cRequest
	cResponse
	cOutcome
	cTemperature
	cProof
	cNode
	cContainer
	cTarget
	cError
	cActivation
	cTransaction
	cHops
	cHopTime
	cPlace
	cComponents
	cComponent
	cLevel
	cFired
	cExtracted
	cParts
	cStages
	columnCount
)

// columnsBefore is how many columns there are in files with olderMark.
const columnsBefore = cStages
