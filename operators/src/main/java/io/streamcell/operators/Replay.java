package io.streamcell.operators;

import java.io.Serializable;
import java.util.List;

/**
 * What a job that scores events again knows from the start.
 *
 * @param control what concerns every stream, in order, models pinned. Each stream goes through it
 *     where its recorded scores say so, and by the rules where these say nothing.
 */
public record Replay(List<ControlEvent> control) implements Serializable {
    private static final long serialVersionUID = 1;

    public Replay {
        control = List.copyOf(control);
    }
}
