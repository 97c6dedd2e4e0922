package measure

// Books are the balance of one phase of one cell: every call that was issued ended in exactly one outcome.
type Books struct {
	Cell     int             `json:"cell"`
	Phase    int             `json:"phase"`
	Issued   int             `json:"issued"` // calls sent, by the driver's own count, warm-up included
	Outcomes map[Outcome]int `json:"outcomes"`
}
