package io.ringdown.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

final class StunClientTest {
    private static final String PASSWORD = "VOkJxbRl1RmTxUk/WvJxBt";

    private final StunClient client = new StunClient("evtj", "h6vY", PASSWORD);

    @Test
    void aRequestIsStunAndNamesBothUsers() {
        ByteBuffer request = client.request();
        assertThat(StunClient.isStun(request)).isTrue();
        assertThat(request.getShort(2)).isEqualTo((short) (request.remaining() - 20));
        assertThat(StandardCharsets.ISO_8859_1.decode(request.duplicate()).toString())
                .contains("h6vY:evtj");
    }

    @Test
    void onlyASignedAnswerToTheLastRequestCounts() throws Exception {
        ByteBuffer request = client.request();
        assertThat(client.isAnswer(answer(request, PASSWORD))).isTrue();
        assertThat(client.isAnswer(answer(request, "another password of 22"))).isFalse();
        assertThat(client.isAnswer(request)).isFalse();
        ByteBuffer late = answer(request, PASSWORD);
        client.request();
        assertThat(client.isAnswer(late)).isFalse();
    }

    /** A success response of a header and MESSAGE-INTEGRITY only. */
    private static ByteBuffer answer(ByteBuffer request, String password) throws Exception {
        ByteBuffer answer = ByteBuffer.allocate(44);
        answer.putShort((short) 0x0101).putShort((short) 24);
        for (int i = 4; i < 20; i++) {
            answer.put(request.get(i));
        }
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.US_ASCII), "HmacSHA1"));
        mac.update(answer.array(), 0, 20);
        return answer.putShort((short) 8)
                .putShort((short) 20)
                .put(mac.doFinal())
                .flip();
    }
}
