package io.streamcell.jobs.replay;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far scores of one model are from those of another: of each number of an output over all
 * streams, and of some streams over time.
 */
public final class Shifts implements Serializable {
    private static final long serialVersionUID = 1;

    /** Streams whose course is kept. */
    private static final int MOST_STREAMS = 24;

    private static final String ONLY = "";

    private final TreeMap<String, List<ShiftColumn>> outputs = new TreeMap<>();
    private final TreeMap<String, ShiftCourse> courses = new TreeMap<>();

    /** A number of an output. */
    ShiftColumn column(String output, int index) {
        List<ShiftColumn> columns =
                outputs.computeIfAbsent(output == null ? ONLY : output, o -> new ArrayList<>());
        while (columns.size() <= index) {
            columns.add(new ShiftColumn());
        }
        return columns.get(index);
    }

    /** Takes a point in a stream's course, if that is kept: the first number of one output. */
    void sample(String stream, String output, long timestep, float then, float now) {
        String name = output == null ? ONLY : output;
        ShiftCourse course = courses.get(stream);
        if (course == null && courses.size() < MOST_STREAMS) {
            course = new ShiftCourse(name);
            courses.put(stream, course);
        }
        if (course != null && course.output().equals(name)) {
            course.add(timestep, then, now);
        }
    }

    /** Takes in what another task measured, of other streams. */
    void merge(Shifts other) {
        other.outputs.forEach(
                (output, columns) -> {
                    for (int k = 0; k < columns.size(); k++) {
                        column(output, k).merge(columns.get(k));
                    }
                });
        other.courses.forEach(
                (stream, course) -> {
                    if (courses.size() < MOST_STREAMS || courses.containsKey(stream)) {
                        courses.putIfAbsent(stream, course);
                    }
                });
    }

    /** Each output's numbers, by its name; empty for the only one. */
    public Map<String, List<ShiftColumn>> outputs() {
        return Collections.unmodifiableMap(outputs);
    }

    /** The course of some streams. */
    public Map<String, ShiftCourse> courses() {
        return Collections.unmodifiableMap(courses);
    }
}
