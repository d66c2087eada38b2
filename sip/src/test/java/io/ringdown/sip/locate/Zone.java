package io.ringdown.sip.locate;

import io.ringdown.sip.SipTransport;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A DNS in memory, for the tests of this package. */
final class Zone {
    static final Reach BOTH = new Reach(List.of(
            new Reach.Line(SipTransport.UDP, Reach.Family.IPV4), new Reach.Line(SipTransport.TCP, Reach.Family.IPV4)));

    private final Map<Question, List<Answer.Resource>> records = new HashMap<>();
    private final List<Question> asked = new ArrayList<>();
    private Duration ttl = Duration.ofSeconds(100);
    private boolean dead;

    Zone naptr(String domain, int order, int preference, String service, String replacement) {
        return add(
                new Question(domain, Question.Type.NAPTR),
                new Answer.Naptr(order, preference, "s", service, replacement));
    }

    Zone srv(String name, int priority, int weight, int port, String host) {
        return add(new Question(name, Question.Type.SRV), new Answer.Srv(priority, weight, port, host));
    }

    Zone a(String host, String address) {
        return add(new Question(host, Question.Type.A), new Answer.Address(InetAddress.ofLiteral(address)));
    }

    Zone aaaa(String host, String address) {
        return add(new Question(host, Question.Type.AAAA), new Answer.Address(InetAddress.ofLiteral(address)));
    }

    private Zone add(Question question, Answer.Resource record) {
        records.computeIfAbsent(question, _ -> new ArrayList<>()).add(record);
        return this;
    }

    Zone ttl(Duration time) {
        ttl = time;
        return this;
    }

    void dead(boolean now) {
        dead = now;
    }

    void forget(Question question) {
        records.remove(question);
    }

    List<Question> asked() {
        return asked;
    }

    Answer answer(Question question) {
        asked.add(question);
        if (dead) {
            return new Answer.Failed("timeout");
        }
        List<Answer.Resource> found = records.get(question);
        return found == null ? new Answer.Nothing() : new Answer.Found(found, ttl);
    }

    Optional<Answer> known(Question question) {
        return Optional.of(answer(question));
    }

    /** Answers all that is asked, at once. */
    void serve(Whereabouts whereabouts, long now) {
        List<Question> questions = whereabouts.takeQuestions();
        while (!questions.isEmpty()) {
            questions.forEach(question -> whereabouts.onAnswer(question, answer(question), now));
            questions = whereabouts.takeQuestions();
        }
    }
}
