// Package file writes a report in the forms that other programs read, a writer in each file. All say the same, because all
// render one content.Report; what differs is the form. What was not judged is visible in each and green in none. It opens no
// file: a writer gets where to write.
package file
