#!/bin/bash
exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '/opt/lib/*' org.apache.kafka.tools.TopicCommand "$@"
