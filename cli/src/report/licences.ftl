<#-- Turns what license-maven-plugin finds in the poms into docs/licences.md. -->
# Licences

What the modules are linked with at run time, by licence; made by `mvn -B -Preport -DskipTests package`, which
fails on a licence that `cli/pom.xml` does not list. A library under several licences stands under each.

The local stack also launches, as a process of its own, Apicurio Registry (Apache-2.0), a distribution of many
jars that are not listed here, with a newer Netty (Apache-2.0) before its own; `confluent-client` holds classes of
Confluent's registry client (Apache-2.0).
<#list licenseMap as e>
<#assign projects = e.getValue()/>
<#if projects?size gt 0>

## ${e.getKey()}

<#list projects as project>
* ${project.groupId}:${project.artifactId}:${project.version}
</#list>
</#if>
</#list>
