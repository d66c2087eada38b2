package io.ringdown.it;

import io.ringdown.evidence.Peer;
import io.ringdown.evidence.Peers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What passes over lo, by tshark: into a file, and from it the fields that are asked for. */
final class Capture implements AutoCloseable {

    private final Path file;
    private final Process process;
    private final Trial trial;

    private Capture(Trial trial, Path file, Process process) {
        this.trial = trial;
        this.file = file;
        this.process = process;
    }

    static Capture start(Trial trial) {
        return start(trial, "lo", "udp");
    }

    /** What passes over this interface and this filter, as tcpdump writes it. */
    static Capture start(Trial trial, String over, String filter) {
        Path file = trial.file(over + ".pcap");
        Path log = trial.file("tshark.log");
        try {
            Process process = new ProcessBuilder(
                            Tools.program("tshark").toString(), "-i", over, "-f", filter, "-w", file.toString(), "-q")
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            Tools.await(
                    "tshark captures",
                    15,
                    () -> !process.isAlive()
                            || (BrowserProcess.read(log).contains("Capturing on")
                                    && file.toFile().length() > 0),
                    () -> BrowserProcess.read(log));
            if (!process.isAlive()) {
                throw new AssertionError("tshark cannot capture on " + over + ": " + BrowserProcess.read(log));
            }
            Peers.met(Peer.TSHARK);
            return trial.keep(new Capture(trial, file, process));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the capture and reads it: one list of fields for each packet that passes the filter. */
    List<List<String>> read(int sipPort, String filter, String... fields) {
        return read("udp.port==" + sipPort + ",sip", filter, fields);
    }

    /** Ends the capture; fields of every packet that passes the filter, whatever it carries. */
    List<List<String>> readAll(String filter, String... fields) {
        return read("udp.port==9,data", filter, fields);
    }

    /** Ends the capture; the payload of each UDP datagram that was sent to this port, as hexadecimal digits. */
    List<String> sentTo(int port) {
        return read("udp.port==" + port + ",data", "udp.dstport == " + port + " && data", "data.data", "udp.srcport")
                .stream()
                .map(List::getFirst)
                .toList();
    }

    /** The same of the RTP that was sent to this port. */
    List<List<String>> readRtp(int port, String... fields) {
        return read("udp.port==" + port + ",rtp", "rtp && udp.dstport == " + port, fields);
    }

    private List<List<String>> read(String decodeAs, String filter, String... fields) {
        close();
        List<String> command = new ArrayList<>(List.of(
                "tshark", "-r", file.toString(), "-d", decodeAs, "-Y", filter, "-T", "fields", "-E", "separator=|"));
        for (String field : fields) {
            command.add("-e");
            command.add(field);
        }
        return Tools.run(trial.file("tshark-read.txt"), command.toArray(String[]::new))
                .lines()
                .filter(line -> line.contains("|"))
                .map(line -> List.of(line.split("\\|", -1)))
                .toList();
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            Tools.pause(500); // what was sent last must still be written
            Tools.end(process);
        }
    }
}
