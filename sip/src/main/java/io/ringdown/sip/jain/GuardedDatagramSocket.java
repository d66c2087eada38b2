package io.ringdown.sip.jain;

import io.ringdown.sip.SipTransport;
import io.ringdown.sip.dialog.MessageGuard;
import io.ringdown.sip.jain.Counters.Counter;
import io.ringdown.sip.jain.Gatekeeper.Judgement;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.util.Arrays;

/** A UDP socket that gives the stack only what the gatekeeper admits. Received from by the stack's one reader thread. */
final class GuardedDatagramSocket extends DatagramSocket {
    private final Gatekeeper gatekeeper;
    // One more byte than allowed, so that a longer datagram is seen to be longer.
    private final byte[] buffer = new byte[MessageGuard.MAX_MESSAGE + 1];

    GuardedDatagramSocket(int port, InetAddress address, Gatekeeper gatekeeper) throws SocketException {
        super(port, address);
        this.gatekeeper = gatekeeper;
    }

    @Override
    public void send(DatagramPacket packet) throws IOException {
        byte[] bytes =
                Arrays.copyOfRange(packet.getData(), packet.getOffset(), packet.getOffset() + packet.getLength());
        if (BadRequest.isOne(bytes)) {
            packet.setData(BadRequest.withoutBody(bytes));
        }
        super.send(packet);
    }

    // To where it came from: its Via may be what is wrong with it. What cannot be sent must not end the reader.
    private void refuse(byte[] answer, DatagramPacket request) {
        try {
            super.send(new DatagramPacket(answer, answer.length, request.getSocketAddress()));
        } catch (IOException e) {
            gatekeeper.counters().count(Counter.SEND_FAILURES);
        }
    }

    @Override
    public void receive(DatagramPacket packet) throws IOException {
        while (true) {
            DatagramPacket mine = new DatagramPacket(buffer, buffer.length);
            super.receive(mine);
            InetAddress source = mine.getAddress();
            if (!gatekeeper.isKnown(source)) {
                continue;
            }
            Judgement judgement = gatekeeper.judge(source, buffer, 0, mine.getLength(), SipTransport.UDP);
            if (judgement.answer().isPresent()) {
                refuse(judgement.answer().get(), mine);
            }
            if (judgement.admitted()) {
                packet.setAddress(source);
                packet.setPort(mine.getPort());
                packet.setData(Arrays.copyOf(buffer, mine.getLength()));
                return;
            }
        }
    }
}
