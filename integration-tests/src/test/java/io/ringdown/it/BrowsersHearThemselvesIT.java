package io.ringdown.it;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The instruments before the measurement: each browser, its microphone, its wire on loopback and its ear, without a gateway. */
@ExtendWith(Trial.Extension.class)
final class BrowsersHearThemselvesIT {

    @ParameterizedTest
    @EnumSource
    void aBrowserHearsItsOwnMicrophoneOverAPeerConnection(Browser.Kind kind, Trial trial) {
        PageServer pages = trial.keep(new PageServer(0));
        Browser browser = kind.browser();
        RawClient client = RawClient.open(trial, browser, pages);
        client.evaluate("""
                (async () => {
                  const far = new RTCPeerConnection();
                  far.ontrack = (event) => ears.listenTo(new MediaStream([event.track]));
                  const gathered = (pc) => new Promise((resolve) => {
                    const look = () => pc.iceGatheringState === 'complete' ? resolve() : setTimeout(look, 20);
                    look();
                  });
                  await client.offer();
                  await gathered(client.pc);
                  await far.setRemoteDescription(client.pc.localDescription);
                  await far.setLocalDescription();
                  await gathered(far);
                  await client.pc.setRemoteDescription(far.localDescription);
                })()""");
        Sound heard = client.hearOnceLoud();
        Ear.hears(kind.toString(), heard, browser.microphoneHz());
    }
}
