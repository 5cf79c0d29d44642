// A target that is never the bottleneck: one fixed answer to every request, keep-alive, on 127.0.0.1.
// Started with the port as its only argument; used where there is no nginx.
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"strings"
)

const contentType = "application/json"

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	body := `{"id":1,"name":"warm","note":"` + strings.Repeat("x", 72) + `"}`
	answer := fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: keep-alive\r\n\r\n%s",
		contentType, len(body), body)
	for {
		connection, err := listener.Accept()
		if err != nil {
			continue
		}
		go serve(connection, answer)
	}
}

// serve answers every head that ends in an empty line; requests of the benchmark have no body.
func serve(connection net.Conn, answer []byte) {
	defer connection.Close()
	reader := bufio.NewReaderSize(connection, 2048)
	for {
		line, err := reader.ReadSlice('\n')
		if err != nil {
			return
		}
		if len(bytes.TrimRight(line, "\r\n")) > 0 {
			continue
		}
		if _, err := connection.Write(answer); err != nil {
			return
		}
	}
}
