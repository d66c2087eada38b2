package io.ringdown.media;

/** Told what happens to one session's media. Called on the media loop: hand over and return, never block. */
@FunctionalInterface
public interface MediaListener {
    void onEvent(MediaEvent event);
}
